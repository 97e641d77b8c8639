% rebase('base.tpl')
<div class="opening">
<p class="folio">{{status}}</p>
<h1>{{heading}}</h1>
<p>{{what}}</p>
% if status == 404:
% include("search.tpl", words=words, kept=[])
% elif status == 503:
<p>Please come back in a minute.</p>
% else:
<p><a href="{{links.home}}">All plugins and themes</a></p>
% end
</div>
