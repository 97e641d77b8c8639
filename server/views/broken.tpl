% rebase('base.tpl')
<div class="opening">
<p class="folio">500</p>
<h1>Something broke</h1>
<p>The fault is on our side and has been noted. Other pages should work.</p>
<p><a href="{{links.home}}">All plugins and themes</a></p>
</div>
