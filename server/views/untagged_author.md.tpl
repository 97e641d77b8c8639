# Not tagged, by {{!figures.markdown(author.name)}}

% include('untagged_lines.tpl', entries=entries)

## What to write

% for line in letter.splitlines():
    {{!line}}
% end
