% rebase('base.tpl')
<div class="opening">
% if shown.words:
<h1>Results for <bdi class="asked">{{shown.words}}</bdi></h1>
% else:
<h1>{{'Plugins and themes' if not shown.type else shown.type.title() + 's'}} <span>for WordPress, by Composer</span></h1>
% end
% include('search.tpl', words=shown.words, kept=[('type', shown.type)] if shown.type else [])
</div>
<div class="sieve">
<nav aria-label="Type">
<ul>
% for type, label in (('', 'All'), ('plugin', 'Plugins'), ('theme', 'Themes')):
% number = counts.get(type, 0) if type else sum(counts.values())
<li><a href="{{links.list(shown.of_type(type).query)}}"\\
% if type == shown.type:
 aria-current="true"\\
% end
>{{label}} <span class="count">{{f'{number:,}'}}</span></a></li>
% end
</ul>
</nav>
<nav aria-label="Order">
<ul>
% labels = {'': 'Best match', 'installs': 'Most installed', 'updated': 'Recently updated', 'name': 'By name'}
% for sort in ([''] if shown.words else []) + list(sorts):
% same = shown.sorted_by(sort).sort == shown.sort
<li><a href="{{links.list(shown.sorted_by(sort).query)}}"\\
% if same:
 aria-current="true"\\
% end
>{{labels[sort]}}</a></li>
% end
</ul>
</nav>
</div>
% if entries:
<ol class="contents">
% for entry in entries:
<li class="{{entry.type}}">
<h2><a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{entry.name}}</bdi></a></h2>
<p class="measure">\\
% if entry.installs is not None:
<data value="{{entry.installs}}" title="Active installs">{{figures.short(entry.installs)}}</data>\\
% end
</p>
% if entry.description:
<p class="about" dir="auto">{{entry.description}}</p>
% end
<p class="imprint"><span class="kind">{{entry.type}}</span>\\
% if entry.author:
 <span>by <bdi>{{entry.author}}</bdi></span>\\
% end
% if entry.version:
 <span>{{entry.version}}</span>\\
% end
% if entry.updated is not None:
 <time datetime="{{figures.iso_day(entry.updated)}}">{{figures.month(entry.updated)}}</time>\\
% end
</p>
</li>
% end
</ol>
% else:
<p class="nothing">Nothing here answers to that. Fewer or shorter words find more; a package’s slug finds exactly that one.</p>
% end
% if last > 1:
<nav class="leaves" aria-label="Pages">
% if head.previous:
<a rel="prev" href="{{head.previous}}">Previous</a>
% end
<span>Page {{shown.page}} of {{last}}</span>
% if head.next:
<a rel="next" href="{{head.next}}">Next</a>
% end
</nav>
% end
