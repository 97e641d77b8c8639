% rebase('base.tpl')
<div class="opening">
<h1>{{head.title}}</h1>
% for why in missing:
<p>{{why}}</p>
% end
</div>
% if compared:
<section class="wide compared" tabindex="0" aria-label="Comparison">
<table>
<thead>
<tr><td></td>\\
% for one in compared:
<th scope="col" class="{{one.package.type}}"><a href="{{links.package(one.package.type, one.package.slug)}}"><img src="{{one.card.path}}" width="{{one.card.width}}" height="{{one.card.height}}" alt="" decoding="async"><bdi>{{parted(one.package.name)[0]}}</bdi></a> <span>{{one.package.type}}\\
% if one.package.author:
 by <bdi>{{one.package.author}}</bdi>\\
% end
</span></th>\\
% end
</tr>
</thead>
<tbody>
<tr><th scope="row">Last change</th>\\
% for one in compared:
<td>\\
% if one.package.updated is not None:
<time datetime="{{figures.iso(one.package.updated)}}">{{figures.short_day(one.package.updated)}}</time> <small>{{one.vitals.age}}</small>\\
% else:
Unknown\\
% end
</td>\\
% end
</tr>
<tr><th scope="row">Releases in a year</th>\\
% for one in compared:
<td>\\
% if one.vitals.releases:
{{one.vitals.releases.count}} <small>{{one.vitals.releases.often}}</small>\\
% else:
Unknown <small>the dates of older releases are not known</small>\\
% end
</td>\\
% end
</tr>
<tr><th scope="row">Active installs</th>\\
% for one in compared:
<td>{{'Unknown' if one.package.active_installs is None else figures.long(one.package.active_installs)}}</td>\\
% end
</tr>
<tr><th scope="row">Installs by Composer</th>\\
% for one in compared:
<td>\\
% if one.vitals.installs:
{{f'{one.vitals.installs.recent:,}'}} <small>in thirty days; {{f'{one.vitals.installs.total:,}'}} in all</small>\\
% else:
None counted here\\
% end
</td>\\
% end
</tr>
<tr><th scope="row">State</th>\\
% for one in compared:
<td>\\
% if one.closure:
<span class="shut">{{figures.closed(one.closure, one.closed_at)}}</span>\\
% elif one.package.offer_why:
Open <small>{{one.package.offer_why}}</small>\\
% else:
Open\\
% end
</td>\\
% end
</tr>
<tr><th scope="row">Version</th>\\
% for one in compared:
<td>{{one.package.offer_version or 'None'}} <small>{{f'{one.versions:,}'}} {{'version' if one.versions == 1 else 'versions'}} to be had</small></td>\\
% end
</tr>
% for label, field in (('PHP', 'requires_php'), ('WordPress', 'requires'), ('Tested up to', 'tested')):
<tr><th scope="row">{{label}}</th>\\
% for one in compared:
% told = getattr(one.package, field)
<td>{{told or 'Not said'}}{{' or later' if told and field != 'tested' else ''}}\\
% if told and one.package.offer == 'older':
 <small>said of version {{one.package.version}}</small>\\
% end
</td>\\
% end
</tr>
% end
<tr><th scope="row">Plugins it needs</th>\\
% for one in compared:
<td>{{', '.join(one.package.needs) or 'None told of'}}</td>\\
% end
</tr>
<tr><th scope="row">Command</th>\\
% for one in compared:
<td>\\
% if one.package.offer_command:
<code>{{one.package.offer_command}}</code> <button type="button" hidden data-copy="{{one.package.offer_command}}">Copy</button>\\
% else:
None\\
% end
</td>\\
% end
</tr>
</tbody>
</table>
</section>
% end
<form class="versus listing" action="{{links.compare()}}" method="get">
% for number, name in enumerate('abcd'):
<label>{{('First', 'Second', 'Third', 'Fourth')[number]}} package <input type="text" name="{{name}}" value="{{names[number] if number < len(names) else ''}}" maxlength="200" autocomplete="off" spellcheck="false"></label>
% end
<button type="submit">Compare</button>
<p>A slug, <code>plugin/{{'<slug>'}}</code>, a name for Composer or an address on WordPress.org.</p>
</form>
