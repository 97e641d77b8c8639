% rebase('base.tpl')
<div class="heading">
<h1>Tagged <bdi class="asked">{{tag.label}}</bdi></h1>
<p>{{f'{tag.packages:,}'}} {{'package' if tag.packages == 1 else 'packages'}}</p>
</div>
% include('contents.tpl', entries=entries)
% include('paging.tpl', number=paging.number, last=paging.last)
