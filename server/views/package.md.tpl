# {{!figures.markdown(package.name)}}

{{!figures.markdown(package.description)}}

% if closure:
**Closed{{!' for good' if closure.permanent else ''}}**{{!', ' + figures.day(closed_at) if closed_at is not None else ''}}: {{!figures.markdown(closure.why or 'no reason is given')}}. It can no longer be installed.
% else:
% if package.offer_why:
**{{!notice}}**: {{!figures.markdown(package.offer_why)}}

% end
% if package.offer_command:
    {{!package.offer_command}}
% end
% end

% if stale and not closure:
**Long without an update**: the last one was on {{!figures.day(package.updated)}}. It may not have been tried with a newer WordPress.

% end
% for one in advisories:
**Vulnerable**: {{!figures.markdown(one.title)}}{{!' (%s)' % one.cve if one.cve else ''}}, versions `{{!one.affected}}`{{!': ' + figures.markdown_link(one.link) if one.link else ''}}

% end
% if advisories and advisories_of:
Advisories: {{!figures.markdown(advisories_of)}}

% end
- Type: WordPress {{!package.type}}
- Package: `wp-{{!package.type}}/{{!package.slug}}`
% if package.author:
- Author: {{!figures.markdown(package.author)}}
% end
% said_of = f' (version {figures.markdown(package.version)})' if package.offer == 'older' else ''
% if package.offer_version:
- Version: {{!figures.markdown(package.offer_version)}}
% end
% if package.updated is not None:
- {{!'Released' if package.offer in ('announced', 'tag') else 'Last change'}}: {{!figures.iso(package.updated)}}
% end
% if package.active_installs is not None:
- Active installs: {{!figures.markdown(figures.long(package.active_installs))}}
% end
% if vitals.releases:
- Releases in the year before the data ends: {{!vitals.releases.count}}
% end
% if vitals.installs:
- Installs by Composer: {{!f'{vitals.installs.total:,}'}}, {{!f'{vitals.installs.recent:,}'}} of them in the thirty days to {{!figures.iso_day(vitals.installs.until)}}
% end
% if package.requires:
- Requires WordPress: {{!figures.markdown(package.requires)}} or later{{!said_of}}
% end
% if package.tested:
- Tested up to WordPress: {{!figures.markdown(package.tested)}}{{!said_of}}
% end
% if package.requires_php:
- Requires PHP: {{!figures.markdown(package.requires_php)}} or later{{!said_of}}
% end
% if package.needs:
- Requires plugins: {{!', '.join(f'`wp-plugin/{slug}`' for slug in package.needs)}}{{!said_of}}
% end
% if package.homepage:
- Homepage: {{!figures.markdown_link(package.homepage)}}
% end
% for one in package.told:
- {{!one.form.label}}: {{!figures.markdown_link(one.value) if one.form.link else figures.markdown(one.text)}}
% end
% for place in places:
- {{!place.name}}: {{!figures.markdown_link(place.url)}}
% end
- Page: <{{!head.url}}>
- Card: <{{!head.image.url}}>

% for one in events if not closure else ():
- {{!'Closed' if one.closed else 'Opened again'}}: {{!figures.iso_day(one.at)}}{{!', ' + figures.markdown(one.why.why) if one.closed and one.why.why else ''}}
% end

% if versions:
## Versions

% for row in table.every_row:
- {{!figures.markdown(row.version)}}{{!' (pre-release)' if row.early else ''}}{{!', ' + figures.iso_day(row.released) if row.released is not None else ''}}{{!', kept here: it has no tag' if row.untagged else ''}}{{!', here since ' + figures.iso(row.published) if row.published is not None else ''}}{{!', changed after its release by revision %d on %s' % (row.revision, figures.iso_day(row.changed)) if row.changed is not None else ''}}{{!': ' + figures.markdown_link(row.url) if row.url else ''}}{{!', changes since ' + figures.markdown(row.since) + ': ' + figures.markdown_link(row.changes) if row.changes else ''}}
% end
% end
% if table.announced or table.missing:

## Not offered

% for one in (*table.announced, *table.missing):
- {{!figures.markdown(one.names)}}: {{!figures.markdown(one.why)}}
% end
% end
% if shares:

## Composer installs by version

% for one in shares:
- {{!figures.markdown(one.version)}}: {{!f'{one.count:,}'}}
% end
% end
% if same_author:

## By the same author

% include('index_lines.tpl', entries=same_author)
% end
% if related:

## Related

% include('index_lines.tpl', entries=related)
% end
