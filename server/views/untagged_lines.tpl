% for one in entries:
- {{!figures.markdown(one.entry.name)}} (`wp-{{!one.entry.type}}/{{!one.entry.slug}}`): {{!figures.markdown(one.announced)}} is announced, {{!'the newest tag is ' + figures.markdown(one.newest) if one.newest else 'nothing that Composer can install is tagged'}}
% end
