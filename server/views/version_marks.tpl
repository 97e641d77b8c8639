% if changelog and row.version in changelog:
 <a href="{{links.package(package.type, package.slug)}}/changelog#v{{row.version.replace('.', '-')}}">changelog</a>\\
% end
% if row.advisories:
 <a class="early" href="#advisories">vulnerable</a>\\
% end
% if row.changed is not None:
 <span class="early" title="Changed after its release, by revision {{row.revision}} on {{figures.day(row.changed)}}">changed {{figures.short_day(row.changed)}}</span>\\
% end
% if row.untagged:
 <span class="early" title="Its authors gave it no tag: this site keeps its zip, and never another one">kept here</span>\\
% end
