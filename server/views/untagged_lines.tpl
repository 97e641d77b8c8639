% for one in entries:
- {{!figures.markdown(one.entry.name)}} (`wp-{{!one.entry.type}}/{{!one.entry.slug}}`): {{!figures.markdown(one.announced)}} is announced, {{!'the newest tag is ' + figures.markdown(one.newest) if one.newest else 'no tag can be installed'}}
% end
