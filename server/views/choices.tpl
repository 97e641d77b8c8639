<ul>
% for value, label in choices:
% chosen = getattr(shown, name) == value
<li><a href="{{links.list(shown.but(**{name: value}).query)}}"\\
% if chosen:
 aria-current="true"\\
% end
>{{label}}\\
% if counts is not None:
 <span class="count">{{f'{counts.get(value, 0) if value else sum(counts.values()):,}' + ('+' if (value in found.beyond if value else found.beyond) else '')}}</span>\\
% end
</a></li>
% end
</ul>
