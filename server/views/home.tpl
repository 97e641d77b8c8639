% rebase('base.tpl')
% site = links.absolute(links.home).rstrip('/')
% move = "perl -pi -e 's{https?://wpackagist\\.org/?}{" + site + "};s{wpackagist-(plugin|theme)/}{wp-$1/}g' composer.json"
<div class="front">
<div>
<h1>WordPress plugins and themes, <span>one <code>composer require</code> away</span></h1>
% include('search.tpl', words='', kept=[], id='q')
<p class="tally"><a href="{{links.list('type=plugin')}}">{{f"{counts.get('plugin', 0):,}"}} plugins</a>, <a href="{{links.list('type=theme')}}">{{f"{counts.get('theme', 0):,}"}} themes</a>, data of <time datetime="{{figures.iso_day(data_of)}}">{{figures.day(data_of)}}</time><span data-fresh hidden></span></p>
</div>
<section aria-labelledby="move">
<h2 id="move">Coming from wpackagist?</h2>
<p>One command, then <code>composer update --lock</code>. <a href="{{links.to('docs')}}#move">What it does</a></p>
<div class="order"><pre><code>{{move}}</code></pre><button type="button" hidden data-copy="{{move}}">Copy</button></div>
</section>
</div>
<p class="quiet" role="status" id="said"></p>
<div id="results">
<section class="shelf" aria-labelledby="popular">
<div class="label"><h2 id="popular">Most installed</h2> <a href="{{links.list('sort=installs')}}">All packages</a></div>
<ul class="plates">
% for one in popular:
<li class="{{one.type}}"><a href="{{links.package(one.type, one.slug)}}">\\
% include('plate.tpl', one=one, lazy=False)
<bdi>{{parted(one.name)[0]}}</bdi></a> \\
% if one.active_installs is not None:
<span>{{figures.short(one.active_installs)}} active installs</span>\\
% end
</li>
% end
</ul>
</section>
% if themes:
<section class="shelf looks" aria-labelledby="themes">
<div class="label"><h2 id="themes">Themes by their looks</h2> <a href="{{links.list('type=theme')}}">All themes</a></div>
% include('contents.tpl', entries=themes)
</section>
% end
<section class="shelf" aria-labelledby="recent">
<div class="label"><h2 id="recent">Just released</h2> <a href="{{links.list('sort=updated')}}">All releases</a></div>
% include('contents.tpl', entries=recent)
</section>
% if closed:
<section class="shelf" aria-labelledby="closed">
<div class="label"><h2 id="closed">Closed lately</h2> <a href="{{links.to('closed')}}">All closed packages</a></div>
<ul class="lately">
% for one in closed:
<li>\\
% if one.has_page:
<a href="{{links.package(one.entry.type, one.entry.slug)}}"><bdi>{{one.entry.name}}</bdi></a>\\
% else:
<bdi>{{one.entry.name}}</bdi>\\
% end
 <span>{{one.why.why or 'No reason is given'}}</span> <time datetime="{{figures.iso_day(one.at)}}">{{figures.short_day(one.at)}}</time></li>
% end
</ul>
</section>
% end
% if tags:
<section class="shelf" aria-labelledby="tags">
<div class="label"><h2 id="tags">Plugins by purpose</h2></div>
<ul class="tags">
% for tag in tags:
<li><a href="{{links.tag(tag.key)}}"><bdi>{{tag.label}}</bdi> <span class="count">{{f'{tag.packages:,}'}}</span></a></li>
% end
</ul>
</section>
% end
</div>
