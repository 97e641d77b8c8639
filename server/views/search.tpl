<form class="search" action="{{links.home}}" method="get" role="search">
<label for="q" class="quiet">Search plugins and themes</label>
<input id="q" type="search" name="q" value="{{words}}" maxlength="200" dir="auto" autocomplete="off" placeholder="Name, author or purpose">
% for name, value in kept:
<input type="hidden" name="{{name}}" value="{{value}}">
% end
<button type="submit">Search</button>
</form>
<p class="quiet" role="status" id="said"></p>
