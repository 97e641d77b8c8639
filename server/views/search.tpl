<form class="search" action="{{links.home}}" method="get" role="search">
<label for="{{id}}" class="quiet">Search plugins and themes</label>
<input id="{{id}}" type="search" name="q" value="{{words}}" maxlength="200" dir="auto" autocomplete="off" placeholder="{{f'Search {packages:,} packages' if packages else 'Search'}}">
% for name, value in kept:
<input type="hidden" name="{{name}}" value="{{value}}">
% end
<button type="submit">Search</button>
</form>
