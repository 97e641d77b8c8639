% if entries:
<ol class="contents">
% for one in entries:
% entry = one.entry
% title, subtitle = parted(entry.name)
<li class="{{entry.type}}">
% include('plate.tpl', one=entry, lazy=True)
<div>
<h2><a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{title}}</bdi></a>\\
% if subtitle:
 <small><bdi>{{subtitle}}</bdi></small>\\
% end
</h2>
<p class="about">{{one.announced}} is announced; {{'the newest tag is ' + one.newest if one.newest else 'no tag can be installed'}}.</p>
<p class="imprint"><span class="kind">{{entry.type}}</span>\\
% if entry.author:
 <span>by <bdi>{{entry.author}}</bdi></span>\\
% end
</p>
</div>
<p class="measure">\\
% if entry.active_installs is not None:
<data value="{{entry.active_installs}}" title="Active installs">{{figures.short(entry.active_installs)}}</data>\\
% end
</p>
</li>
% end
</ol>
% else:
<p class="nothing">Every announced release has a tag.</p>
% end
