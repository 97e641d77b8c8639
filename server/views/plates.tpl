<ul class="plates">
% for entry in entries:
<li class="mini {{entry.type}}">
<svg class="band" aria-hidden="true"><use href="#m-{{entry.type}}"/></svg>
<div class="face">
<h3\\
% if len(entry.name) > 34:
 class="long"\\
% end
><a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{entry.name}}</bdi></a></h3>
<p class="by">\\
% if entry.author:
by <bdi>{{entry.author}}</bdi>\\
% else:
{{entry.type}}\\
% end
</p>
<p class="foot">\\
% if dated and entry.updated is not None:
<span>{{entry.version if entry.released else ''}}</span> <time datetime="{{figures.iso(entry.updated)}}" data-ago>{{figures.day(entry.updated)}}</time>\\
% elif entry.active_installs is not None:
<span><strong>{{figures.short(entry.active_installs)}}</strong> active installs</span>\\
% end
</p>
</div>
</li>
% end
</ul>
