# Closed packages

% for piece in pieces:
% for one in piece.events:
- {{!figures.iso_day(one.at)}} {{!figures.markdown(one.entry.name)}} (`wp-{{!one.entry.type}}/{{!one.entry.slug}}`): {{!'' if one.closed else 'open again; it was closed: '}}{{!figures.markdown(one.why.why or 'no reason is given')}}{{!', for good' if one.why.permanent else ''}}
% end
% if piece.count > len(piece.events):
- and {{!f'{piece.count - len(piece.events):,}'}} more of the same author
% end
% end
