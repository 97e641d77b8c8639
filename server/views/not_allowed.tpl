% rebase('base.tpl')
<div class="opening">
<p class="folio">405</p>
<h1>Only for reading</h1>
<p>This site answers GET and HEAD; it takes nothing in.</p>
<p><a href="{{links.home}}">All plugins and themes</a></p>
</div>
