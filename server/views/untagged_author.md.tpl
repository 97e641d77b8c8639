# Not tagged, by {{!figures.markdown(author.name)}}

% include('untagged_lines.tpl', entries=entries)

% if letter:
## What to write

% end
% for line in letter.splitlines():
    {{!line}}
% end
