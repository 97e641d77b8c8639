% if len(entries) > (0 if first else 1):
<form class="versus" action="{{links.compare()}}" method="get">
% if first:
<input type="hidden" name="a" value="{{first}}">
% end
% for name, label, chosen in (('b', 'Compare with', 0),) if first else (('a', 'Compare', 0), ('b', 'with', 1)):
<label>{{label}} <select name="{{name}}">
% for number, entry in enumerate(entries):
<option value="{{entry.type}}/{{entry.slug}}"\\
% if number == chosen:
 selected\\
% end
>{{entry.name}}</option>
% end
</select></label>
% end
<button type="submit">Compare</button>
</form>
% end
