% rebase('base.tpl')
% site = links.absolute(links.home).rstrip('/')
<div class="opening">
<h1>Documentation</h1>
<p>How to install WordPress plugins and themes with Composer from here.</p>
</div>
<div class="prose">
<nav aria-label="On this page">
<ul>
<li><a href="#install">Install</a></li>
<li><a href="#configure">Configuration</a></li>
<li><a href="#closed">Closed packages</a></li>
<li><a href="#move">Moving from wpackagist</a></li>
<li><a href="#api">API and feeds</a></li>
<li><a href="#count">How installs are counted</a></li>
<li><a href="#keys">Keys</a></li>
</ul>
</nav>
<h2 id="install">Install</h2>
<p>Tell Composer once where the packages are:</p>
<div class="order"><pre><code>composer config repositories.frontispiece composer {{site}}</code></pre><button type="button" hidden data-copy="composer config repositories.frontispiece composer {{site}}">Copy</button></div>
<p>Then require a plugin or a theme by its slug on WordPress.org:</p>
<pre><code>composer require wp-plugin/{{examples.plugin or '<slug>'}}
composer require wp-theme/{{examples.theme or '<slug>'}}</code></pre>
<p>Versions are those tagged in WordPress.org’s Subversion. A package’s page lists them all, those that are not offered with the reason.\\
% if examples.trunk:
 <code>composer require wp-plugin/{{examples.trunk}}:dev-trunk</code> takes a plugin’s trunk as it is now, by Subversion: the command <code>svn</code> has to be there.\\
% end
% if examples.kept:
 Of a plugin that was released without a tag, like <a href="{{links.package('plugin', examples.kept)}}">{{examples.kept}}</a>, the zip is kept here, if it says that it is the announced version. It is a version like any other, stays the same for ever, and is marked “kept here”; its SHA-256 is its <code>dist.reference</code>.\\
% end
</p>
<p>A version that appeared here after the directory began says since when: Renovate and others can hold updates back by that (<code>published-time</code>). So can Composer, from 2.11 on (<code>policy.cooldown</code>): versions that were there before have no such time, and with <code>"require-published-time": false</code> beside this repository’s address it takes them as they are. Where an author changes files under a tag after its first day, the version is marked, and its <code>dist.reference</code> names the revision, so that <code>composer.lock</code> shows the change. Plugins that a plugin needs are suggested by it. Plugins whose newest release <a href="{{links.to('untagged')}}">has no tag</a> are listed, with a text for their authors.</p>
<h2 id="configure">Configuration</h2>
<p>Packages are of the types <code>wordpress-plugin</code> and <code>wordpress-theme</code>, which <code>composer/installers</code> puts into <code>wp-content/plugins</code> and <code>wp-content/themes</code>. Where those folders are is said in <code>composer.json</code>:</p>
<pre><code>"extra": {
  "installer-paths": {
    "web/app/plugins/{$name}/": ["type:wordpress-plugin"],
    "web/app/themes/{$name}/": ["type:wordpress-theme"]
  }
}</code></pre>
<p>Composer asks before it lets <code>composer/installers</code> run; <code>composer config allow-plugins.composer/installers true</code> answers in advance.</p>
<p>A whole <code>composer.json</code>, of a site with WordPress in <code>web/wp</code> and the rest beside it. WordPress itself comes from packagist.org, where <code>roots/wordpress</code> (or <code>johnpbloch/wordpress</code>) follows its releases:</p>
<pre><code>{
  "repositories": {
    "frontispiece": {
      "type": "composer",
      "url": "{{site}}",
      "only": ["wp-plugin/*", "wp-theme/*"]
    }
  },
  "require": {
    "php": "&gt;=8.1",
    "composer/installers": "^2.3",
    "roots/wordpress": "^6.8",
    "wp-plugin/{{examples.plugin or '<slug>'}}": "*",
    "wp-theme/{{examples.theme or '<slug>'}}": "*"
  },
  "extra": {
    "wordpress-install-dir": "web/wp",
    "installer-paths": {
      "web/app/plugins/{$name}/": ["type:wordpress-plugin"],
      "web/app/themes/{$name}/": ["type:wordpress-theme"]
    }
  },
  "config": {
    "allow-plugins": {
      "composer/installers": true,
      "roots/wordpress-core-installer": true
    }
  }
}</code></pre>
<p>If another repository of yours has packages of the same names, say that these come from here only:</p>
<pre><code>"repositories": {
  "frontispiece": {
    "type": "composer",
    "url": "{{site}}",
    "only": ["wp-plugin/*", "wp-theme/*"]
  }
}</code></pre>
<h2 id="closed">Closed packages</h2>
<p>What WordPress.org has closed goes on installing here, and Composer calls it abandoned; what was closed for a security issue is an advisory, too, for <code>composer audit</code>. From 2.9 on, a full <code>composer update</code> refuses what an advisory names; <code>composer install</code> and updates of other packages work. Until there is something to replace the plugin by, its advisory can be passed over by its id, which <code>composer audit</code> prints:</p>
<pre><code>"config": {
  "policy": {
    "advisories": { "ignore-id": ["closed-plugin-&lt;slug&gt;-&lt;date&gt;"] }
  }
}</code></pre>
<p>Composer 2.10 and later can also keep a project from everything that was closed, for whatever reason: the filter list <code>wporg-closed</code> has them all, with date, reason and link. Nothing changes until the project says so:</p>
<pre><code>"config": {
  "policy": {
    "wporg-closed": { "block": true, "audit": "fail" }
  }
}</code></pre>
<p><code>block</code> refuses to install or update to them; <code>audit</code> lets <code>composer audit</code> name them (<code>"report"</code>) or fail (<code>"fail"</code>). Packages that were closed for good are gone from here, and Composer does not find them.</p>
<h2 id="move">Moving from wpackagist</h2>
<p>The names differ in their first part only: <code>wpackagist-plugin/{{examples.plugin or '<slug>'}}</code> is <code>wp-plugin/{{examples.plugin or '<slug>'}}</code>, <code>wpackagist-theme/{{examples.theme or '<slug>'}}</code> is <code>wp-theme/{{examples.theme or '<slug>'}}</code>. In the requirements, in <code>installer-paths</code> and wherever else a name stands, replace the one by the other, and the repository’s address by this site’s. With a checkout of Frontispiece one command does it, touching nothing else in the file:</p>
<pre><code>.venv/bin/python -m scripts.from_wpackagist path/to/composer.json --to {{site}}</code></pre>
<form id="move-here" data-repository="{{site}}" hidden>
<p><label for="given">Or paste your <code>composer.json</code>: this page moves it, and sends nothing anywhere.</label></p>
<p><textarea id="given" rows="8" spellcheck="false" required></textarea></p>
<p><button type="submit">Move it</button> <output></output></p>
<p><textarea aria-label="The moved composer.json" rows="8" spellcheck="false" readonly hidden></textarea></p>
</form>
<p>Then <code>composer update --lock</code> writes the lock file anew. Coming from WP Packages, only the repository’s address changes: the names are the same.</p>
<h2 id="api">API and feeds</h2>
<p>All that the pages say can be read as JSON, without a key, from any site’s scripts. The <a href="{{links.to('api/openapi.json')}}">OpenAPI description</a> has the details.</p>
<table>
<thead><tr><th scope="col">Address</th><th scope="col">Holds</th></tr></thead>
<tbody>
<tr><th scope="row"><a href="{{links.to('api/packages')}}?q=form"><code>/api/packages?q=form</code></a></th><td>search, with the filters and orders of the list</td></tr>
<tr><th scope="row"><a href="{{links.to('api/packages')}}?type=theme&amp;per_page=1000"><code>/api/packages?type=theme&amp;per_page=1000</code></a></th><td>the whole list, up to 1,000 packages an answer</td></tr>
<tr><th scope="row"><code>/api/packages?type=theme&amp;updated_since=2026-11-01</code></th><td>what was updated since: a day, a moment or Unix seconds</td></tr>
<tr><th scope="row"><code>/api/packages/plugin/&lt;slug&gt;</code></th><td>one package</td></tr>
<tr><th scope="row"><code>/api/authors/&lt;author&gt;</code>, <code>/api/tags/&lt;tag&gt;</code></th><td>an author’s packages, those that bear a tag</td></tr>
<tr><th scope="row"><a href="{{links.to('api/stats')}}"><code>/api/stats</code></a>, <code>/api/packages/plugin/&lt;slug&gt;/stats.json</code></th><td>installs by Composer, of all packages or of one</td></tr>
<tr><th scope="row"><a href="{{links.to('status.json')}}"><code>/status.json</code></a></th><td>the release, its cards, the last runs; the same as <code>/api/status</code></td></tr>
<tr><th scope="row"><a href="{{links.compare()}}"><code>/compare?a=plugin/&lt;slug&gt;&amp;b=plugin/&lt;slug&gt;</code></a></th><td>up to four packages side by side</td></tr>
<tr><th scope="row"><code>/packages/plugin/&lt;slug&gt;/changes/1.0...1.1</code></th><td>leads to what changed between two versions, at WordPress.org</td></tr>
<tr><th scope="row"><a href="{{links.to('closed.json')}}"><code>/closed.json</code></a></th><td>every closed package, and what was closed or opened again</td></tr>
<tr><th scope="row"><code>/packages/plugin/&lt;slug&gt;.md</code></th><td>a page as Markdown; the same for <code>Accept: text/markdown</code></td></tr>
<tr><th scope="row"><code>/og/plugin/&lt;slug&gt;.png</code></th><td>the package’s card, as it is now</td></tr>
<tr><th scope="row"><code>/badges/plugin/&lt;slug&gt;.svg</code></th><td>a badge that tells the package’s installs by Composer</td></tr>
<tr><th scope="row"><code>/badges/plugin/&lt;slug&gt;.tag.svg</code></th><td>a badge that tells whether a release without a tag has one by now, of <a href="{{links.to('untagged')}}">plugins that had one</a></td></tr>
</tbody>
</table>
<p>Each answer of a list gives the address of what follows as <code>next</code>, <code>null</code> at the end. In a list without words that address holds a place in its order, not a number of a page: followed into the next release, it leaves out none of the packages that did not change and gives none of them twice. To keep a copy, go through the list once, remember when you began, and from then on ask with <code>updated_since</code> and that moment; <a href="{{links.to('closed/feed.xml')}}">closures</a> have a feed.</p>
<p>Atom feeds tell of <a href="{{links.to('feed.xml')}}">releases</a>, of <a href="{{links.to('new/feed.xml')}}">new packages</a> and of <a href="{{links.to('closed/feed.xml')}}">closed ones</a>. Each package and each author has a feed as well: the page’s address and <code>/feed.xml</code>.</p>
<p>Everything but a few live figures holds until the next release. Ask with <code>If-None-Match</code>, and an answer that is still the same is not sent again.</p>
<p><code>composer search</code> finds what is here. Composer 2.5, which Debian 12 has, cuts long descriptions to the terminal’s width byte by byte, and ends with “Malformed UTF-8 characters” where that falls inside a letter such as “é” or “語”. <code>composer search --format=json form</code> cuts nothing.</p>
<h2 id="count">How installs are counted</h2>
<p>“Active installs” is WordPress.org’s figure: a lower bound of the sites that run a package, rounded down.</p>
<p>Composer installs are counted here. After installing, Composer tells the repository which packages it installed, in which version. Of that, one install a package, network and hour is counted, whatever the versions, and 10,000 a network and day; a network is an IPv4 address, or 64 bits of IPv6. So builds behind one address are one visitor: those that install the same package within an hour are one install, and a farm that installs more than 400 packages every hour has the rest of its day left out. The address is only used to tell repeats apart. It stands in a log until the daily count, which deletes the log. After that only a hash is left, of the network and the package together, under a key that is made anew every day; within two days hash and key are thrown away. What is kept is how often each version was installed on each day. Installs from Composer’s cache count, those with <code>notify-on-install</code> turned off do not.</p>
<h2 id="keys">Keys</h2>
<p>Where scripts run, <kbd>/</kbd> leads to the search, the arrows move among what is found, Enter opens it, and Esc leads back. Whoever dictates, or hits a key by accident, turns <kbd>/</kbd> off by the button that shows it in the search; this browser remembers it.</p>
</div>
