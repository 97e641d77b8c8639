# Changelog of {{!figures.markdown(package.name)}}

% if not lines:
None is kept here.
% end
% for line in lines:
% mark, _, words = line.partition(' ')
% if mark in ('##', '###', '-'):
{{!mark}} {{!figures.markdown(words)}}
% else:
{{!figures.markdown(line)}}
% end
% end
