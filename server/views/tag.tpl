% rebase('base.tpl')
<div class="opening">
<p class="folio">Tag</p>
<h1><bdi>{{label}}</bdi></h1>
<p class="tally">{{f'{count:,}'}} {{'package' if count == 1 else 'packages'}}</p>
</div>
<div class="listing">
% include('contents.tpl', entries=entries)
% include('leaves.tpl', number=leaf.number, last=leaf.last)
</div>
