% rebase('base.tpl')
<p class="quiet" role="status" id="said"></p>
<div id="results" data-count="{{count}}">
<div class="heading">
<h1>{{f'{count:,}'}}{{'+' if (shown.type in found.beyond if shown.type else found.beyond) else ''}} {{'closed ' if shown.closed else ''}}{{heading}}\\
% if shown.words:
 for <bdi class="asked">{{shown.words}}</bdi>\\
% end
</h1>
<p>{{f'that run on PHP {shown.php} · ' if shown.php else ''}}data of <time datetime="{{figures.iso_day(data_of)}}">{{figures.day(data_of)}}</time></p>
</div>
<div class="sieve">
<nav aria-label="Type">
% include('choices.tpl', name='type', counts=found.counts, choices=(('', 'All'), ('plugin', 'Plugins'), ('theme', 'Themes')))
</nav>
<nav aria-label="PHP version">
% include('pick.tpl', name='php', label='PHP', choices=[('', 'any'), *((php, php) for php in phps)])
</nav>
<nav aria-label="Updated">
% include('pick.tpl', name='within', label='Updated', choices=(('', 'any time'), ('month', 'within a month'), ('year', 'within a year'), ('2years', 'within two years')))
</nav>
<nav aria-label="State">
<ul>
% for name, label in (('installable', 'Installable only'), ('closed', 'Closed')):
% on = getattr(shown, name)
<li><a href="{{links.list(shown.but(**{name: not on}).query)}}"\\
% if on:
 aria-current="true"\\
% end
>{{label}}</a></li>
% end
</ul>
</nav>
% labels = {'installs': 'Most installed', 'updated': 'Recently updated', 'name': 'By name', 'composer': 'By Composer installs'}
% orders = [(sort, labels[sort]) for sort in sorts]
<nav aria-label="Order" class="end">
% include('pick.tpl', name='sort', label='', choices=[('', 'Best match'), *orders] if shown.words else orders)
</nav>
</div>
% if found.instead:
<p class="aside">Nothing is called “<bdi>{{shown.words}}</bdi>”. These are the results for <a href="{{links.list(shown.but(words=found.instead).query)}}"><bdi>{{found.instead}}</bdi></a>.</p>
% elif found.loosely and entries:
% include('nothing.tpl', without=without)
% elif found.perhaps:
<p class="aside">Did you mean <a href="{{links.list(shown.but(words=found.perhaps).query)}}"><bdi>{{found.perhaps}}</bdi></a>?</p>
% end
% if entries:
<div id="found"\\
% if shown.type == 'theme':
 class="looks"\\
% end
>
% include('contents.tpl', entries=entries)
</div>
% elif found.too_much:
<p class="nothing">That is too much to look for at once. Fewer words are found sooner.</p>
% else:
% include('nothing.tpl', without=without)
% end
% include('paging.tpl', number=shown.page, last=last)
% include('versus.tpl', first='', entries=entries[:12])
</div>
