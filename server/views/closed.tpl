% rebase('base.tpl')
<div class="opening">
<h1>Closed packages</h1>
<p>Plugins and themes that were taken off WordPress.org, those closed last first. Copies that are installed go on working, but get no updates. <a href="{{links.to('closed/feed.xml')}}">Follow them as a feed.</a></p>
</div>
% if entries:
<ol class="contents listing" start="{{(leaf.number - 1) * 50 + 1}}">
% for entry, when, closure, has_page in entries:
<li class="{{entry.type}}">
<h2>\\
% if has_page:
<a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{entry.name}}</bdi></a>\\
% else:
<bdi>{{entry.name}}</bdi>\\
% end
</h2>
<p class="measure"><time datetime="{{figures.iso_day(when)}}">{{figures.short_day(when)}}</time></p>
<p class="about" dir="auto">{{closure.why or 'No reason is given.'}}</p>
<p class="imprint"><span class="kind">{{entry.type}}</span>\\
% if entry.author:
 <span>by <bdi>{{entry.author}}</bdi></span>\\
% end
 <span>{{'for good' if closure.permanent else 'may come back'}}</span></p>
</li>
% end
</ol>
% else:
<p class="nothing">No package is closed.</p>
% end
% include('leaves.tpl', number=leaf.number, last=leaf.last)
