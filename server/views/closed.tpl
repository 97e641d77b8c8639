% rebase('base.tpl')
<div class="heading">
<h1>Closed packages</h1>
<p>Plugins and themes that were taken off WordPress.org, those closed last first. Copies that are installed go on working, but get no updates. <a href="{{links.to('closed/feed.xml')}}">Follow them as a feed.</a></p>
</div>
% if entries:
<ol class="contents" start="{{paging.offset + 1}}">
% for one in entries:
% entry = one.entry
<li class="{{entry.type}}">
% include('plate.tpl', one=entry, lazy=True)
<div>
<h2>\\
% if one.has_page:
<a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{entry.name}}</bdi></a>\\
% else:
<bdi>{{entry.name}}</bdi>\\
% end
</h2>
<p class="about" dir="auto">{{one.why.why or 'No reason is given.'}}</p>
<p class="imprint"><span class="kind">{{entry.type}}</span>\\
% if entry.author:
 <span>by <bdi>{{entry.author}}</bdi></span>\\
% end
 <span>{{'for good' if one.why.permanent else 'may come back'}}</span></p>
</div>
<p class="measure"><time datetime="{{figures.iso_day(one.closed)}}">{{figures.short_day(one.closed)}}</time></p>
</li>
% end
</ol>
% else:
<p class="nothing">No package is closed.</p>
% end
% include('paging.tpl', number=paging.number, last=paging.last)
