% rebase('base.tpl')
<div class="opening">
<p class="folio">Author</p>
<h1><bdi>{{name}}</bdi></h1>
<p class="tally">{{f'{count:,}'}} {{'package' if count == 1 else 'packages'}}\\
% if own_page:
 <span>· <a href="{{own_page}}" rel="nofollow">{{own_page.partition('://')[2].rstrip('/')}}</a></span>\\
% end
 <span>· <a href="{{head.feeds[0][1]}}">feed</a></span></p>
</div>
<div class="listing">
% include('contents.tpl', entries=entries)
% include('leaves.tpl', number=leaf.number, last=leaf.last)
</div>
