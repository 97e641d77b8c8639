# Not tagged, by author

% for one in entries:
- [{{!figures.markdown(one.name)}}]({{!links.absolute(links.untagged_author(one.key))}}.md): {{!f'{one.packages:,}'}}
% end
