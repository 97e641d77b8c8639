% rebase('base.tpl')
% title, subtitle = parted(package.name)
% length = len(title)
% noted = closure or package.offer_why or stale
% facts_told = package.offer != 'older'
<article class="{{package.type}}">
<div class="card{{' noted' if noted else ''}}">
<div class="plate">\\
% include('plate.tpl', one=package, lazy=False)
</div>
<div class="face">
<p class="kind"><a href="{{links.list('type=' + package.type)}}">{{package.type}}</a></p>
<h1 class="w{{1 if length < 31 else 2 if length < 46 else 3 if length < 66 else 4}}"><bdi>{{title}}</bdi>\\
% if subtitle:
 <small><bdi>{{subtitle}}</bdi></small>\\
% end
</h1>
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
<ul class="told">
% if package.active_installs is not None:
<li><data value="{{package.active_installs}}">{{figures.short(package.active_installs)}}</data> active installs</li>
% end
% if package.offer_version:
<li class="version"><strong>{{package.offer_version}}</strong>{{' by Composer' if package.offer == 'older' else ''}}</li>
% end
% if package.requires_php and facts_told:
<li><strong>PHP {{package.requires_php}}</strong> or later</li>
% end
% if package.requires and facts_told:
<li><strong>WP {{package.requires}}</strong> or later</li>
% end
</ul>
% if closure:
<div class="notice"><h2>{{'Closed for good' if closure.permanent else 'Closed'}}</h2> <p>This {{package.type}} can no longer be installed\\
% if closed_at is not None:
; it was closed on <time datetime="{{figures.iso_day(closed_at)}}">{{figures.day(closed_at)}}</time>\\
% end
.\\
% if closure.why:
 Reason given: <bdi>{{closure.why}}</bdi>.\\
% end
</p></div>
% elif package.offer_why:
<div class="notice"><h2>{{notice}}</h2> <p>{{package.offer_why}}</p>\\
% if package.untagged and package.author_key:
 <a href="{{links.untagged_author(package.author_key)}}#letter">What to write to its author</a>\\
% end
</div>
% elif stale:
<div class="notice mild"><h2>Long without an update</h2> <p>The last one was on {{figures.day(package.updated)}}: it may not have been tried with a newer WordPress.</p></div>
% end
% if package.offer_command:
<div class="order" data-plain="{{'trunk' if package.offer == 'trunk' else 'newest'}}"><pre><code>{{package.offer_command}}</code></pre><button type="button" hidden data-copy="{{package.offer_command}}">Copy</button></div>
% else:
<p class="order"><code>{{name}}</code></p>
% end
</div>
</div>
<dl class="vital">
<div><dt>{{'Last release' if package.offer in ('announced', 'tag') else 'Last change'}}</dt>
% if package.updated is not None:
<dd><time datetime="{{figures.iso(package.updated)}}">{{figures.short_day(package.updated)}}</time> <small>{{vitals.age}}</small></dd>
% else:
<dd>Unknown</dd>
% end
</div>
<div><dt>Releases in a year</dt>
% if vitals.releases:
<dd>{{vitals.releases.count}} <small>{{vitals.releases.often}}</small>\\
% if vitals.releases.count:
<svg viewBox="0 0 120 22" preserveAspectRatio="none" aria-hidden="true"><path d="{{vitals.releases.ticks}}" stroke-width="2"/></svg>\\
% end
</dd>
% else:
<dd>Unknown <small>not all dates of releases are known</small></dd>
% end
</div>
<div><dt>Installs by Composer</dt>
% if vitals.installs:
<dd>{{f'{vitals.installs.recent:,}'}} <small>in the thirty days to <time datetime="{{figures.iso_day(vitals.installs.until)}}">{{figures.day(vitals.installs.until)}}</time>; {{f'{vitals.installs.total:,}'}} in all</small> <svg viewBox="0 0 120 22" preserveAspectRatio="none" role="img" aria-label="{{vitals.months}}"><path d="{{vitals.bars}}" stroke-width="8"/></svg></dd>
% else:
<dd>None <small>counted here so far</small></dd>
% end
</div>
<div><dt>Tested with WordPress</dt>
% if package.tested:
<dd>{{package.tested}}\\
% if not facts_told:
 <small>said of version {{package.version}}</small>\\
% end
</dd>
% else:
<dd>Unknown</dd>
% end
</div>
</dl>
<div class="two">
<section id="versions" aria-labelledby="versions-title">
<h2 id="versions-title">Versions\\
% if version_count:
 <span class="count">{{f'{version_count:,}'}}</span>\\
% end
</h2>
% if table.rows or table.announced or table.missing:
<table{{!' class="php"' if table.says_php else ''}}>
<thead><tr><th scope="col">Version</th><th scope="col">Released</th>\\
% if table.says_php:
<th scope="col">Needs PHP</th>\\
% end
% if table.says_changes:
<th scope="col">Changes</th>\\
% end
</tr></thead>
<tbody>
% span = 1 + table.says_php + table.says_changes
% for one in table.announced:
<tr class="shut"><td>{{one.names}}</td><td colspan="{{span}}">not offered: {{one.why}}</td></tr>
% end
% include('version_rows.tpl', rows=table.rows)
% for one in table.missing[:3]:
<tr class="missing"><td>{{one.names}}</td><td colspan="{{span}}">not offered: {{one.why}}</td></tr>
% end
</tbody>
</table>
% for fold in table.folds:
<details><summary>{{fold.label}} <span>{{len(fold.rows)}} {{'version' if len(fold.rows) == 1 else 'versions'}}</span></summary>
% if package.offer_command:
<p><code>composer require {{name}}:</code> and the version</p>
% end
<table>
<tbody>
% for row in fold.rows:
<tr><td>{{row.version}}\\
% if changelog or row.is_marked:
% include('version_marks.tpl', row=row)
% end
</td><td>\\
% if row.released is not None:
{{figures.short_day(row.released)}}\\
% end
</td><td>\\
% if row.changes:
<a href="{{row.changes}}" rel="nofollow">changes</a>\\
% end
</td></tr>
% end
</tbody>
</table></details>
% end
% if table.missing[3:]:
<details><summary>{{len(table.missing) - 3}} more reasons <span>not offered</span></summary>
<table>
<tbody>
% for one in table.missing[3:]:
<tr class="missing"><td>{{one.names}}</td><td>{{one.why}}</td></tr>
% end
</tbody>
</table></details>
% end
% if version_count > len(versions):
<p>The newest {{len(versions)}} of {{f'{version_count:,}'}}; <a href="{{links.package(package.type, package.slug)}}/versions.json">all of them as JSON</a>.</p>
% end
% else:
<p>None is known.</p>
% end
</section>
<div class="side">
% said_of = '' if facts_told else f' (version {package.version})'
% include('advisories.tpl', advisories=advisories, offered=offered, of=advisories_of)
% include('events.tpl', events=events)
% if shares:
<section aria-labelledby="shares">
<h2 id="shares">Composer installs by version</h2>
<table class="shares">
<thead class="quiet"><tr><th scope="col">Version</th><td></td><th scope="col">Installs</th></tr></thead>
<tbody>
% for one in shares:
<tr><th scope="row"><bdi>{{one.version}}</bdi></th><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><path d="{{one.bar}}" stroke-width="10"/></svg></td><td>{{f'{one.count:,}'}}</td></tr>
% end
</tbody>
</table>
</section>
% end
<section aria-labelledby="needs">
<h2 id="needs">Requirements</h2>
<dl>
<dt>PHP</dt><dd>{{f'{package.requires_php} or later{said_of}' if package.requires_php else 'not said'}}</dd>
<dt>WordPress</dt><dd>{{f'{package.requires} or later{said_of}' if package.requires else 'not said'}}</dd>
% if package.tested:
<dt>Tested</dt><dd>up to {{package.tested}}{{said_of}}</dd>
% end
% if package.needs:
<dt>Plugins</dt><dd>\\
% for slug in package.needs:
% if slug in here:
<a href="{{links.package('plugin', slug)}}">{{slug}}</a> \\
% else:
{{slug}} \\
% end
% end
{{said_of}}</dd>
% end
% for one in package.told:
% if not one.form.link:
<dt>{{one.form.label}}</dt><dd>{{one.text}}</dd>
% end
% end
</dl>
</section>
<section aria-labelledby="follow">
<h2 id="follow">Follow</h2>
% address = links.package(package.type, package.slug)
<ul>
<li><a href="{{address}}/feed.xml">Releases as a feed</a></li>
% if changelog is not None:
<li><a href="{{address}}/changelog">Changelog</a></li>
% end
<li><a href="{{links.to(f'api/packages/{package.type}/{package.slug}')}}">This page as JSON</a> · <a href="{{address}}.md">Markdown</a></li>
<li><a href="{{links.to(f'badges/{package.type}/{package.slug}.svg')}}">Badge</a> · <a href="{{links.to(f'api/packages/{package.type}/{package.slug}/stats.json')}}">Install figures</a></li>
<li><a href="{{head.image.path}}">Card image</a> <button type="button" hidden data-copy="{{links.absolute(links.stable_card(package.type, package.slug))}}">Copy link</button></li>
</ul>
</section>
% told = [one for one in package.told if one.form.link]
% if places or package.homepage or package.author_url or told:
<section aria-labelledby="elsewhere">
<h2 id="elsewhere">Elsewhere</h2>
<ul class="places">
% for place in places:
<li><a href="{{place.url}}" rel="nofollow">{{place.name}}</a></li>
% end
% if package.homepage:
<li><a href="{{package.homepage}}" rel="nofollow" title="{{package.homepage}}">Homepage</a></li>
% end
% if package.author_url:
<li><a href="{{package.author_url}}" rel="nofollow">Author’s site</a></li>
% end
% for one in told:
<li><a href="{{one.value}}" rel="nofollow" title="{{one.value}}">{{one.form.label}}</a></li>
% end
</ul>
</section>
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
</div>
% if len(package.description) > (0 if noted else 90):
<section class="whole{{' narrow' if len(package.description) < (90 if noted else 230) else ''}}" aria-labelledby="whole">
<h2 id="whole">Description</h2>
<p dir="auto">{{package.description}}</p>
</section>
% end
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
<li class="{{entry.type}}">
% include('plate.tpl', one=entry, lazy=True)
<a href="{{links.package(entry.type, entry.slug)}}"><bdi>{{parted(entry.name)[0]}}</bdi></a>\\
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
