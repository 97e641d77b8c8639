% rebase('base.tpl')
<div class="opening">
<p class="folio">{{status}}</p>
<h1>{{heading}}</h1>
<p>{{what}}</p>
% if status == 503:
<p>Please come back in a minute.</p>
% elif status != 404:
<p><a href="{{links.home}}">All plugins and themes</a></p>
% end
</div>
