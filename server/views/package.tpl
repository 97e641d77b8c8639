% rebase('base.tpl')
<article class="spread {{package.type}}">
<figure class="plate">
% include('image.tpl', image=head.image)
<figcaption><a href="{{head.image.path}}">Card image</a> <button type="button" hidden data-copy="{{links.absolute(links.stable_card(package.type, package.slug))}}">Copy image link</button></figcaption>
</figure>
<div class="title">
<p class="kind"><a href="{{links.list('type=' + package.type)}}">{{package.type}}</a></p>
<h1\\
% if len(package.name) > 60:
 class="long"\\
% end
><bdi>{{package.name}}</bdi></h1>
% if package.author:
<p class="by">by \\
% if package.author_key:
<a href="{{links.author(package.author_key)}}"><bdi>{{package.author}}</bdi></a>\\
% else:
<bdi>{{package.author}}</bdi>\\
% end
</p>
% end
% if package.description:
<p class="lead" dir="auto">{{package.description}}</p>
% end
</div>
% if closure:
<div class="notice">
<h2>{{'Closed for good' if closure.permanent else 'Closed'}}</h2>
<p>This {{package.type}} can no longer be installed\\
% if closed_at is not None:
; it was closed on <time datetime="{{figures.iso_day(closed_at)}}">{{figures.day(closed_at)}}</time>\\
% end
.\\
% if closure.why:
 Reason given: <bdi>{{closure.why}}</bdi>.\\
% end
</p>
</div>
% else:
% if package.offer_why:
<div class="notice"><h2>{{notice}}</h2><p>{{package.offer_why}}</p>\\
% if package.untagged and package.author_key:
<a href="{{links.untagged_author(package.author_key)}}#letter">What to write to its author</a>\\
% end
</div>
% end
% if stale:
<div class="notice mild"><h2>Long without an update</h2><p>The last one was on {{figures.day(package.updated)}}: it may not have been tried with today’s WordPress.</p></div>
% end
% end
% include('advisories.tpl', advisories=advisories, offered=offered, of=advisories_of)
<section class="install" aria-labelledby="install">
<h2 id="install">{{'Install' if package.offer_command else 'Package'}}</h2>
% if package.offer_command:
<div class="order"><pre><code>{{package.offer_command}}</code></pre><button type="button" hidden data-copy="{{package.offer_command}}">Copy</button></div>
% elif closure:
<p class="command"><code>{{name}}</code></p>
% end
<dl class="facts">
% said_of = f' (version {package.version})' if package.offer == 'older' else ''
% if package.offer_version:
<div><dt>Version</dt><dd>{{package.offer_version}}</dd></div>
% end
% if package.updated is not None:
<div><dt>{{'Released' if package.offer in ('announced', 'tag') else 'Last change'}}</dt><dd><time datetime="{{figures.iso(package.updated)}}" data-ago>{{figures.day(package.updated)}}</time></dd></div>
% end
% if package.active_installs is not None:
<div><dt>Active installs</dt><dd><data value="{{package.active_installs}}">{{figures.long(package.active_installs)}}</data></dd></div>
% end
% if package.requires:
<div><dt>WordPress</dt><dd>{{package.requires}} or later{{said_of}}</dd></div>
% end
% if package.tested:
<div><dt>Tested up to</dt><dd>{{package.tested}}{{said_of}}</dd></div>
% end
% if package.requires_php:
<div><dt>PHP</dt><dd>{{package.requires_php}} or later{{said_of}}</dd></div>
% end
<div><dt>Slug</dt><dd><code>{{package.slug}}</code></dd></div>
% if package.homepage:
<div class="wide"><dt>Homepage</dt><dd><a href="{{package.homepage}}" rel="nofollow">{{package.homepage.partition('://')[2].rstrip('/')}}</a></dd></div>
% end
% for one in package.told:
% if one.form.link:
<div class="wide"><dt>{{one.form.label}}</dt><dd><a href="{{one.value}}" rel="nofollow">{{one.text}}</a></dd></div>
% else:
<div><dt>{{one.form.label}}</dt><dd>{{one.text}}</dd></div>
% end
% end
</dl>
</section>
<div class="beside">
% if counted:
% include('installs.tpl', installs=counted)
% end
% if versions or missing:
<section class="versions" aria-labelledby="versions">
<h2 id="versions">Versions\\
% if version_count:
 <span class="count">{{f'{version_count:,}'}}</span>\\
% end
</h2>
% if versions:
<ol\\
% if package.offer_command:
 data-command="composer require {{name}}" data-plain="{{'trunk' if package.offer == 'trunk' else 'newest'}}"\\
% end
>
% for one in versions:
<li><a href="{{one.url}}" rel="nofollow">{{one.version}}</a>\\
% day = one.published if one.released is None else one.released
% if day is not None:
 <time datetime="{{figures.iso_day(day)}}"\\
% if one.published is not None:
 title="Here since {{figures.day(one.published)}}"\\
% end
>{{figures.short_day(day)}}</time>\\
% end
% if one.advisories:
 <a class="shut" href="#advisories">vulnerable</a>\\
% end
% if one.changed is not None:
 <time datetime="{{figures.iso_day(one.changed)}}" title="Changed after its release, by revision {{one.revision}} on {{figures.day(one.changed)}}">changed {{figures.short_day(one.changed)}}</time>\\
% end
</li>
% end
</ol>
% if version_count > len(versions):
<p>The newest {{len(versions)}} of {{f'{version_count:,}'}}; <a href="{{links.package(package.type, package.slug)}}/versions.json">all of them as JSON</a>.</p>
% end
% end
% if missing:
<details>
<summary>{{sum(map(len, missing.values()))}} not offered, and why</summary>
<dl>
% for why, which in missing.items():
<dt>{{why}}</dt>
<dd>{{', '.join(which[:60])}}{{' …' if len(which) > 60 else ''}}</dd>
% end
</dl>
</details>
% end
</section>
% end
% include('events.tpl', events=events)
% if places or package.author_url:
<ul class="places">
% for place in places:
<li><a href="{{place.url}}" rel="nofollow">{{place.name}}</a></li>
% end
% if package.author_url:
<li><a href="{{package.author_url}}" rel="nofollow">Author’s site</a></li>
% end
</ul>
% end
% if tags:
<h2 class="quiet">Tags</h2>
<ul class="tags">
% for tag in tags:
<li><a href="{{links.tag(tag.key)}}"><bdi>{{tag.label}}</bdi></a></li>
% end
</ul>
% end
</div>
% for id, label, entries, more in (('same-author', 'By the same author', same_author, links.author(package.author_key)), ('related', 'Related', related, '')):
% if entries:
<section class="neighbours" aria-labelledby="{{id}}">
<div class="label"><h2 id="{{id}}">{{label}}</h2>\\
% if more:
 <a href="{{more}}">All of them</a>\\
% end
</div>
<ul>
% for entry in entries:
<li class="{{entry.type}}"><a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{entry.name}}</bdi></a>\\
% if entry.closed:
<p><span class="shut">closed</span></p>\\
% end
% if entry.description:
<p dir="auto">{{entry.description}}</p>\\
% end
</li>
% end
</ul>
</section>
% end
% end
% include('versus.tpl', first=f'{package.type}/{package.slug}', entries=[*related, *same_author])
</article>
