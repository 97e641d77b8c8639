% chosen = [value for value, _ in choices if getattr(shown, name) == value or (name == 'sort' and shown.but(sort=value).sort == shown.sort)]
<details class="pick\\
% if chosen[0] and label:
 on\\
% end
"><summary>{{f'{label}: ' if label else ''}}{{dict(choices)[chosen[0]]}}</summary>
<ul>
% for value, text in choices:
<li><a href="{{links.list(shown.but(**{name: value}).query)}}"\\
% if value == chosen[0]:
 aria-current="true"\\
% end
>{{text}}</a></li>
% end
</ul>
</details>
