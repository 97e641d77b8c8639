% for row in rows:
<tr><td>\\
% if row.command:
<details><summary>{{row.version}}</summary> <code>{{row.command}}</code>\\
% if row.url:
 <a href="{{row.url}}" rel="nofollow">zip</a>\\
% end
</details>\\
% elif row.url:
<a href="{{row.url}}" rel="nofollow">{{row.version}}</a>\\
% else:
{{row.version}}\\
% end
% if row.early:
<span class="early">pre-release</span>\\
% end
% if changelog or row.is_marked:
% include('version_marks.tpl', row=row)
% end
</td><td>\\
% day = row.published if row.released is None else row.released
% if day is not None:
<time datetime="{{figures.iso_day(day)}}"\\
% if row.published is not None:
 title="Here since {{figures.day(row.published)}}"\\
% end
>{{figures.short_day(day)}}</time>\\
% else:
unknown\\
% end
</td>\\
% if table.says_php:
<td>{{row.php or '–'}}</td>\\
% end
% if table.says_changes:
<td>\\
% if row.changes:
<a href="{{row.changes}}" rel="nofollow">since {{row.since}}</a>\\
% end
</td>\\
% end
</tr>
% end
