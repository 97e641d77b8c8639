% rebase('base.tpl')
<div class="heading">
<h1><bdi>{{author.name}}</bdi></h1>
<p>{{f'{author.packages:,}'}} {{'package' if author.packages == 1 else 'packages'}}\\
% if author.url:
 <span>· <a href="{{author.url}}" rel="nofollow">{{author.url.partition('://')[2].rstrip('/')}}</a></span>\\
% end
 <span>· <a href="{{head.feeds[0].address}}">feed</a></span></p>
</div>
% include('contents.tpl', entries=entries)
% include('paging.tpl', number=paging.number, last=paging.last)
