% if len(events) > 1 or events and not events[0].closed:
<section class="events" aria-labelledby="events">
<h2 id="events">Closed before</h2>
<ul>
% for one in events:
<li><time datetime="{{figures.iso_day(one.at)}}">{{figures.day(one.at)}}</time>: {{'closed' if one.closed else 'open again'}}\\
% if one.closed and one.why.why:
, <bdi>{{one.why.why}}</bdi>\\
% end
</li>
% end
</ul>
</section>
% end
