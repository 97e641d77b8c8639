% for entry in entries:
- [{{!figures.markdown(entry.name)}}]({{!links.absolute(links.package(entry.type, entry.slug))}}.md) (`wp-{{!entry.type}}/{{!entry.slug}}`{{!', closed' if entry.closed else ''}}){{!': ' + figures.markdown(entry.description) if entry.description else ''}}
% end
