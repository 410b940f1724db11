using Slipway.Infrastructure.Check;

var repository = Repository.Find(AppContext.BaseDirectory);
var findings = new Findings();

Documents.Check(repository, findings);
Parameters.Check(repository, findings);
Pipelines.Check(repository, findings);
Roles.CheckSources(repository, findings);
RoleUses.Check(repository, findings);
Settings.CheckTables(repository, findings);
Events.Check(repository, findings);
HostFiles.Check(repository, findings);

if (Bicep.Find() is { } bicep)
{
    var templates = await bicep.CompileAsync(repository, findings);
    if (templates is not null)
    {
        Settings.Check(repository, templates, findings);
        Roles.Check(repository, templates, findings);
        SignIn.Check(templates, findings);
        ApprovalLinks.Check(templates, findings);
        Stores.Check(templates, findings);
    }

    Console.WriteLine($"Bicep {Bicep.Version}: {repository.Templates.Count} files compiled, linted and formatted, 2 deployments evaluated.");
}
else
{
    Console.WriteLine("NOT CHECKED: the templates were neither compiled nor linted, because this registry does not have the Bicep compiler for this machine.");
}

foreach (var finding in findings.All) Console.Error.WriteLine(finding);
Console.WriteLine(findings.All.Count == 0 ? $"{findings.Facts} facts checked, all right." : $"{findings.Facts} facts checked, {findings.All.Count} wrong.");
return findings.All.Count == 0 ? 0 : 1;
