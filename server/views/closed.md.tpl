# Closed packages

% for entry, when, closure, has_page in entries:
- {{!figures.iso_day(when)}} {{!figures.markdown(entry.name)}} (`wp-{{!entry.type}}/{{!entry.slug}}`): {{!figures.markdown(closure.why or 'no reason is given')}}{{!', for good' if closure.permanent else ''}}
% end
