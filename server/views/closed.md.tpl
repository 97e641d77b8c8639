# Closed packages

% for one in entries:
- {{!figures.iso_day(one.closed)}} {{!figures.markdown(one.entry.name)}} (`wp-{{!one.entry.type}}/{{!one.entry.slug}}`): {{!figures.markdown(one.why.why or 'no reason is given')}}{{!', for good' if one.why.permanent else ''}}
% end
