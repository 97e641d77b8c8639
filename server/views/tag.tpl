% rebase('base.tpl')
<div class="opening">
<p class="folio">Tag</p>
<h1><bdi>{{tag.label}}</bdi></h1>
<p class="tally">{{f'{tag.packages:,}'}} {{'package' if tag.packages == 1 else 'packages'}}</p>
</div>
<div class="listing">
% include('contents.tpl', entries=entries)
% include('paging.tpl', number=paging.number, last=paging.last)
</div>
