# Several authors print this name

% for author in authors:
- [{{!figures.markdown(author.name)}}]({{!links.absolute(links.author(author.key))}}.md) (`{{!author.key}}`): {{!f'{author.packages:,}'}} {{!'package' if author.packages == 1 else 'packages'}}
% end
