# Closed packages

% for entry, when, closure in entries:
- {{!figures.iso_day(when)}} [{{!figures.markdown(entry.name)}}]({{!links.absolute(links.package(entry.type, entry.slug))}}.md) (`wp-{{!entry.type}}/{{!entry.slug}}`): {{!figures.markdown(closure.why or 'no reason is given')}}{{!', for good' if closure.permanent else ''}}
% end
