<p class="{{'aside' if entries else 'nothing'}}">\\
% if without:
{{'Nothing has all of these words; these have some of them' if entries else 'Nothing here answers to all of that'}}.\\
% for one in without:
 <a href="{{links.list(one.asked.query)}}">Without <bdi>{{one.left_out}}</bdi></a> there {{'is' if one.count == 1 else 'are'}} {{f'{one.count:,}'}}{{' or more' if one.more else ''}}.\\
% end
% elif entries:
Nothing has all of these words. These have some of them.\\
% else:
Nothing here answers to that. Fewer or shorter words find more; a package’s slug finds exactly that one.\\
% end
</p>
