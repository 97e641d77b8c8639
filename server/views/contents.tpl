<ol class="contents">
% for entry in entries:
% title, subtitle = parted(entry.name)
<li class="{{entry.type}}">
% include('plate.tpl', one=entry, lazy=True)
<div>
<h2><a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{title}}</bdi></a>\\
% if subtitle:
 <small><bdi>{{subtitle}}</bdi></small>\\
% end
</h2>
% if entry.description:
<p class="about" dir="auto">{{entry.description}}</p>
% end
<p class="imprint">\\
% if entry.author:
<span>by <bdi>{{entry.author}}</bdi></span>\\
% else:
<span>{{entry.type}}</span>\\
% end
% if entry.requires_php and entry.released:
 <span>PHP {{entry.requires_php}}+</span>\\
% end
% if entry.tested and entry.released:
 <span class="further">tested {{entry.tested}}</span>\\
% end
</p>
</div>
<p class="measure">\\
% if entry.closed:
<span class="shut">closed</span>\\
% elif get('composer'):
<data value="{{entry.installs}}" title="Installs by Composer">{{f'{entry.installs:,}'}}</data>\\
% elif entry.active_installs is not None:
<data value="{{entry.active_installs}}" title="Active installs">{{figures.short(entry.active_installs)}}</data>\\
% end
% if entry.version and entry.released:
 <small>{{entry.version}}</small>\\
% end
% if entry.updated is not None:
 <small><time datetime="{{figures.iso_day(entry.updated)}}">{{figures.short_month(entry.updated)}}</time></small>\\
% end
</p>
% if entry.command:
<button type="button" hidden data-copy="{{entry.command}}" aria-label="Copy the command for {{title}}">Copy</button>
% end
</li>
% end
</ol>
