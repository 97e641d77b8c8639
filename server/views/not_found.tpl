% rebase('base.tpl')
<div class="opening">
<p class="folio">404</p>
<h1>No such page</h1>
<p>There is nothing at this address. Perhaps a search turns it up.</p>
% include("search.tpl", words=words, kept=[])
</div>
