% rebase('base.tpl')
<div class="opening">
<p class="folio">Authors</p>
<h1>Several authors print this name</h1>
<p>Each is an account on WordPress.org.</p>
</div>
<ol class="contents listing">
% for author in authors:
<li>
<h2><a href="{{links.author(author.key)}}"><bdi>{{author.name}}</bdi></a></h2>
<p class="imprint"><span>{{author.key}}</span> <span>{{f'{author.packages:,}'}} {{'package' if author.packages == 1 else 'packages'}}</span></p>
</li>
% end
</ol>
