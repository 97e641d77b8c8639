% rebase('base.tpl')
<article class="spread {{package.type}}">
<figure class="plate">
% include('image.tpl', image=head.image)
</figure>
<div class="title">
<p class="kind">{{package.type}}</p>
<h1\\
% if len(package.name) > 60:
 class="long"\\
% end
><bdi>{{package.name}}</bdi></h1>
% if package.author:
<p class="by">by \\
% if package.author_url:
<a href="{{package.author_url}}" rel="nofollow"><bdi>{{package.author}}</bdi></a>\\
% else:
<bdi>{{package.author}}</bdi>\\
% end
</p>
% end
% if package.description:
<p class="lead" dir="auto">{{package.description}}</p>
% end
</div>
<section aria-labelledby="install">
<h2 id="install">Install</h2>
<pre><code>{{command}}</code></pre>
<dl class="facts">
% if package.version:
<div><dt>Version</dt><dd>{{package.version}}</dd></div>
% end
% if package.installs is not None:
<div><dt>Active installs</dt><dd><data value="{{package.installs}}">{{figures.long(package.installs)}}</data></dd></div>
% end
% if package.updated is not None:
<div><dt>Updated</dt><dd><time datetime="{{figures.iso_day(package.updated)}}">{{figures.day(package.updated)}}</time></dd></div>
% end
<div><dt>Slug</dt><dd><code>{{package.slug}}</code></dd></div>
% if package.homepage:
<div class="wide"><dt>Homepage</dt><dd><a href="{{package.homepage}}" rel="nofollow">{{package.homepage.partition('://')[2].rstrip('/')}}</a></dd></div>
% end
</dl>
</section>
% if versions:
<section class="versions" aria-labelledby="versions">
<h2 id="versions">Versions <span class="count">{{f'{version_count:,}'}}</span></h2>
<ol>
% for version in versions:
<li><a href="{{version.url}}" rel="nofollow">{{version.version}}</a></li>
% end
</ol>
% if version_count > len(versions):
<p>The newest {{len(versions)}} of {{f'{version_count:,}'}}.</p>
% end
</section>
% end
</article>
