% rebase('base.tpl')
% include('marks.tpl')
<div class="opening front">
<h1>WordPress plugins and themes <span>one <code>composer require</code> away</span></h1>
% include('search.tpl', words='', kept=[])
<p class="tally"><a href="{{links.list('type=plugin')}}">{{f"{counts.get('plugin', 0):,}"}} plugins</a> and <a href="{{links.list('type=theme')}}">{{f"{counts.get('theme', 0):,}"}} themes</a><span data-fresh hidden></span></p>
</div>
<div id="results">
<section class="shelf" aria-labelledby="popular">
<div class="label"><h2 id="popular">Most installed</h2> <a href="{{links.list('sort=installs')}}">All packages</a></div>
% include('plates.tpl', entries=popular, dated=False)
</section>
<section class="shelf" aria-labelledby="recent">
<div class="label"><h2 id="recent">Just released</h2> <a href="{{links.list('sort=updated')}}">All releases</a></div>
% include('plates.tpl', entries=recent, dated=True)
</section>
% if tags:
<section class="shelf" aria-labelledby="tags">
<div class="label"><h2 id="tags">By purpose</h2></div>
<ul class="tags">
% for tag in tags:
<li><a href="{{links.tag(tag.key)}}"><bdi>{{tag.label}}</bdi> <span class="count">{{f'{tag.packages:,}'}}</span></a></li>
% end
</ul>
</section>
% end
</div>
