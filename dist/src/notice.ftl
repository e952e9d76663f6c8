Tapelake
Licensed under the Apache License, Version 2.0 (see LICENSE).

This archive contains the software below, each under the licence named with it. Notices of the authors are in the
jars, as META-INF/NOTICE and META-INF/LICENSE. sbom.cdx.json lists the same with checksums.

<#list dependencyMap as entry>
<#assign project = entry.getKey()/>
<#assign licenses = entry.getValue()/>
${project.groupId}:${project.artifactId}:${project.version} (<#list licenses as license>${license}<#if license_has_next>; </#if></#list>)
</#list>
