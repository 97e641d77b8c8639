% rebase('base.tpl')
<div class="heading">
<h1>Closed packages</h1>
<p>Plugins and themes that were taken off WordPress.org, or came back, the newest first. Copies that are installed go on working, but get no updates. <a href="{{links.to('closed/feed.xml')}}">Follow them as a feed</a>, or take <a href="{{links.to('closed.json')}}">all of them as JSON</a>.</p>
</div>
% if pieces:
<ol class="contents" start="{{paging.offset + 1}}">
% for piece in pieces:
% one = piece.events[0]
% entry = one.entry
<li class="{{entry.type}}">
% include('plate.tpl', one=entry, lazy=True)
<div>
% if piece.count > 1:
<h2><a href="{{links.author(piece.author_key)}}">{{f'{piece.count:,}'}} by <bdi>{{entry.author}}</bdi></a></h2>
<p>Closed within days:\\
% for one in piece.events:
 <span>\\
% include('event_name.tpl', one=one)
: {{one.why.why or 'no reason is given'}}{{', for good' if one.why.permanent else ''}};</span>\\
% end
% if piece.count > len(piece.events):
 <span>and {{f'{piece.count - len(piece.events):,}'}} more</span>\\
% end
</p>
% else:
<h2>\\
% include('event_name.tpl', one=one)
</h2>
<p class="about" dir="auto">{{'' if one.closed else 'Open again. It was closed: '}}{{one.why.why or ('No reason is given.' if one.closed else 'no reason was given.')}}</p>
<p class="imprint"><span class="kind">{{entry.type}}</span>\\
% if entry.author:
 <span>by <bdi>{{entry.author}}</bdi></span>\\
% end
% if one.closed:
 <span>{{'for good' if one.why.permanent else 'may come back' if entry.closed else 'since open again'}}</span>\\
% end
</p>
% end
</div>
<p class="measure"><time datetime="{{figures.iso_day(piece.at)}}">{{figures.short_day(piece.at)}}</time></p>
</li>
% end
</ol>
% else:
<p class="nothing">No package is closed.</p>
% end
% include('paging.tpl', number=paging.number, last=paging.last)
