# {{!figures.markdown(head.title)}}

% for why in missing:
{{!figures.markdown(why)}}

% end
% if compared:
% cell = lambda text: figures.markdown(str(text))
% row = lambda label, told: f'| {label} | ' + ' | '.join(told) + ' |'
{{!row('', [f'[{cell(one.package.name)}]({links.absolute(links.package(one.package.type, one.package.slug))}.md)' for one in compared])}}
| --- |{{' --- |' * len(compared)}}
{{!row('Type', [one.package.type for one in compared])}}
{{!row('Author', [cell(one.package.author or 'Unknown') for one in compared])}}
{{!row('Last change', ['Unknown' if one.package.updated is None else figures.iso_day(one.package.updated) for one in compared])}}
{{!row('Releases in a year', [str(one.vitals.releases.count) if one.vitals.releases else 'Unknown' for one in compared])}}
{{!row('Active installs', ['Unknown' if one.package.active_installs is None else cell(figures.long(one.package.active_installs)) for one in compared])}}
{{!row('Installs by Composer in thirty days', [f'{one.vitals.installs.recent:,}' if one.vitals.installs else 'None counted here' for one in compared])}}
{{!row('Installs by Composer in all', [f'{one.vitals.installs.total:,}' if one.vitals.installs else 'None counted here' for one in compared])}}
{{!row('State', [cell(figures.closed(one.closure, one.closed_at) if one.closure else f'Open. {one.package.offer_why}' if one.package.offer_why else 'Open') for one in compared])}}
{{!row('Version', [cell(one.package.offer_version or 'None') for one in compared])}}
{{!row('Versions to be had', [f'{one.versions:,}' for one in compared])}}
% for label, field, more in (('PHP', 'requires_php', ' or later'), ('WordPress', 'requires', ' or later'), ('Tested up to', 'tested', '')):
{{!row(label, [cell(getattr(one.package, field) + more + (f' (version {one.package.version})' if one.package.offer == 'older' else '')) if getattr(one.package, field) else 'Not said' for one in compared])}}
% end
{{!row('Plugins it needs', [cell(', '.join(one.package.needs) or 'None told of') for one in compared])}}
{{!row('Command', [f'`{one.package.offer_command}`' if one.package.offer_command else 'None' for one in compared])}}
% end

Compare others: `{{!links.absolute(links.compare('a=plugin/<slug>&b=plugin/<slug>', twin=True))}}`
