<ol class="contents">
% for entry in entries:
<li class="{{entry.type}}">
<h2><a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{entry.name}}</bdi></a></h2>
<p class="measure">\\
% if entry.closed:
<span class="shut">closed</span>\\
% elif entry.active_installs is not None:
<data value="{{entry.active_installs}}" title="Active installs">{{figures.short(entry.active_installs)}}</data>\\
% end
</p>
% if entry.description:
<p class="about" dir="auto">{{entry.description}}</p>
% end
<p class="imprint"><span class="kind">{{entry.type}}</span>\\
% if entry.author:
 <span>by <bdi>{{entry.author}}</bdi></span>\\
% end
% if entry.version and entry.released:
 <span>{{entry.version}}</span>\\
% end
% if entry.updated is not None:
 <time datetime="{{figures.iso_day(entry.updated)}}">{{figures.month(entry.updated)}}</time>\\
% end
</p>
</li>
% end
</ol>
