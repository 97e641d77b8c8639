% rebase('base.tpl')
<div class="opening">
<p class="folio">503</p>
<h1>Not available just now</h1>
<p>{{reason}}</p>
<p>Please come back in a minute.</p>
</div>
