% rebase('base.tpl')
<div class="opening">
% if shown.words:
<h1>Results for <bdi class="asked">{{shown.words}}</bdi></h1>
% else:
<h1>{{('Closed ' if shown.closed else '') + ('Plugins and themes' if not shown.type else shown.type.title() + 's')}} <span>for WordPress, by Composer</span></h1>
% end
% said = (('type', shown.type), ('php', shown.php), ('within', shown.within), ('closed', '1' if shown.closed else ''))
% include('search.tpl', words=shown.words, kept=[pair for pair in said if pair[1]])
</div>
<div id="results" data-count="{{count}}">
<div class="sieve">
<nav aria-label="Type">
% include('choices.tpl', name='type', counts=found.counts, choices=(('', 'All'), ('plugin', 'Plugins'), ('theme', 'Themes')))
</nav>
<nav aria-label="Order">
% labels = {'installs': 'Most installed', 'updated': 'Recently updated', 'name': 'By name'}
% orders = [(sort, labels[sort]) for sort in sorts]
% include('choices.tpl', name='sort', counts=None, choices=[('', 'Best match'), *orders] if shown.words else orders)
</nav>
<details class="more"\\
% if shown.php or shown.within or shown.closed:
 open\\
% end
>
<summary>Filters</summary>
<nav aria-label="PHP version"><span>Runs on PHP</span>
% include('choices.tpl', name='php', counts=None, choices=[('', 'any'), *((php, php) for php in phps)])
</nav>
<nav aria-label="Updated"><span>Updated within</span>
% include('choices.tpl', name='within', counts=None, choices=(('', 'any time'), ('month', 'a month'), ('year', 'a year'), ('2years', 'two years')))
</nav>
<nav aria-label="State"><span>State</span>
% include('choices.tpl', name='closed', counts=None, choices=((False, 'open'), (True, 'closed')))
</nav>
</details>
</div>
% if found.instead:
<p class="aside">Nothing is called “<bdi>{{shown.words}}</bdi>”. These are the results for <a href="{{links.list(shown.but(words=found.instead).query)}}"><bdi>{{found.instead}}</bdi></a>.</p>
% elif found.loosely:
% include('nothing.tpl', without=without)
% elif found.perhaps:
<p class="aside">Did you mean <a href="{{links.list(shown.but(words=found.perhaps).query)}}"><bdi>{{found.perhaps}}</bdi></a>?</p>
% end
% if entries:
% include('contents.tpl', entries=entries)
% elif found.too_much:
<p class="nothing">That is too much to look for at once. Fewer words are found sooner.</p>
% else:
% include('nothing.tpl', without=without)
% end
% include('paging.tpl', number=shown.page, last=last)
% include('versus.tpl', first='', entries=entries[:12])
</div>
